-- Cities of the submissions that this build takes in: all of them in a full build, those of new submissions otherwise.
with observations as (

    select * from {{ ref('stg_submissions__observations') }}

),

final as (

    select distinct city_code
    from observations
    where city_code is not null

)

select * from final
