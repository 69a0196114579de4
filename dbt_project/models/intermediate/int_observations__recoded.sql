-- Only exact successors merge: an older code with any other grade keeps no harmonised code.
with observations as (

    select * from {{ ref('stg_submissions__observations') }}

),

indicators as (

    select * from {{ ref('stg_registry__indicators') }}

),

successors as (

    select
        from_code,
        min(to_code) as to_code
    from {{ ref('stg_registry__crosswalk') }}
    where crosswalk_grade = 'exact' and from_code like 'iso37120:2014/%'
    group by from_code

),

final as (

    select
        observations.observation_id,
        coalesce(indicators.indicator_code, successors.to_code) as harmonised_indicator_code,
        (indicators.indicator_code is not null or successors.to_code is not null) as indicator_is_comparable,
        case
            when successors.to_code is not null
                then concat('code ', observations.reported_indicator_code, ' -> ', successors.to_code)
        end as recoding_step
    from observations
    left join indicators on observations.reported_indicator_code = indicators.indicator_code
    left join successors on observations.reported_indicator_code = successors.from_code

)

select * from final
